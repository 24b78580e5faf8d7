import { registerRoot } from 'remotion';

// Never ends.
while (performance.now() > 0);

registerRoot(() => null);
