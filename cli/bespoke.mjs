#!/usr/bin/env node
import module from 'node:module';
import { register } from 'tsx/esm/api';

module.enableCompileCache?.();
register();
await import('./main.ts');
