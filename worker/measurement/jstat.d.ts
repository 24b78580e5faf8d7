/** What we use of jstat, which contains no types. */
declare module 'jstat' {
  const jstat: {
    readonly normal: {
      readonly inv: (probability: number, mean: number, standardDeviation: number) => number;
    };
  };
  export default jstat;
}
