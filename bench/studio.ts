import { registerRoot } from 'remotion';
import { makeStudioRoot } from '../video/studio/make-studio-root.tsx';
import { benchEntry } from './campaign/campaign.ts';

registerRoot(makeStudioRoot([benchEntry]));
