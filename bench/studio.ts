import { registerRoot } from 'remotion';
import { makeStudioRoot } from '../video/studio/make-studio-root.tsx';
import { benchEntry } from './campaign/template.ts';

registerRoot(makeStudioRoot([{ ...benchEntry, loadComponents: () => import('./campaign/components.ts') }]));
