#!/usr/bin/env node
/** Runs the operator's command line: `npx perf-bot --help`. */
import { processIo } from './cli-io.ts';
import { runCli } from './program.ts';

process.exitCode = await runCli(process.argv.slice(2), processIo());
