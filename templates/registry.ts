import { defineRegistry } from '../video/story/registry.ts';

export const registry = defineRegistry(import.meta.url, []);
