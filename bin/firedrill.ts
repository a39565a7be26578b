#!/usr/bin/env -S node --max-old-space-size=160 --max-semi-space-size=8
import { keepCompiled } from './compile-cache.ts';

// Before anything else is loaded: what is loaded after it, here and in every process of a drill, is compiled once.
keepCompiled();
await import('./main.ts');
