/** The part of webpack's `import.meta` that Studio's entry uses. */
interface ImportMeta {
  readonly webpackContext: (
    directory: string,
    options: { readonly recursive: boolean; readonly regExp: RegExp },
  ) => unknown;
}
