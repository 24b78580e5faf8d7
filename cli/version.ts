/** The version of this program. Commands that go through a server need the same one there. */
export const version = '0.1.0';
