#!/usr/bin/env node
import { importProgram } from './import-program.mjs';

await importProgram(new URL('main.ts', import.meta.url));
