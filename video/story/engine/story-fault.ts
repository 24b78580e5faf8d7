/** A story that a walk cannot go on in. A story that passes the check never causes one. */
export class StoryFault extends Error {
  override readonly name = 'StoryFault';
  readonly kind: 'unknown-node' | 'no-variable' | 'no-edge' | 'no-return' | 'endless' | 'dead-end';
  readonly node: string;

  constructor(kind: StoryFault['kind'], node: string, message: string) {
    super(message);
    this.kind = kind;
    this.node = node;
  }
}
