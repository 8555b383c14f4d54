// npm run dev: serves every Worker on http://localhost:8787 with working keys. Further arguments go to `wrangler dev`.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs, parseEnv } from 'node:util';
import { LOCAL_KEYS } from '../shared/db/local-seed.ts';
import { readSettings } from '../workers/api/env.ts';
import { prepare } from './prepare.ts';
import { repositoryRoot } from './repository-root.ts';
import { WRANGLER } from './run-wrangler.ts';

const passedOn = process.argv.slice(2);
const { values } = parseArgs({
  args: passedOn,
  options: { port: { type: 'string' }, 'persist-to': { type: 'string' } },
  strict: false,
});
const baseUrl = `http://localhost:${values.port ?? 8787}`;

const keys = LOCAL_KEYS.map(
  ({ key, organisation, name }) => `    ${key.padEnd(20)} ${organisation.padEnd(10)} ${name}`,
);
console.log(`
  Edge Liveness API, local: ${baseUrl}

    /api/v1   the API          /docs          reference to try it in
    /health   dependencies     /openapi.json  OpenAPI 3.1    /postman.json  Postman collection

  Paste this:

    curl -s ${baseUrl}/api/v1/models -H 'X-API-Key: sk-local-acme'

  Keys, good on this machine only:

${keys.join('\n')}
`);

try {
  refuseInvalidDevVars();
  const state = values['persist-to'];
  await prepare((line) => console.log(`  ${line}`), typeof state === 'string' ? state : undefined);
} catch (error) {
  console.error(`\n  Cannot start. ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

/** The same check as in the Worker, before anything starts. */
function refuseInvalidDevVars(): void {
  const file = `${repositoryRoot}/.dev.vars`;
  if (existsSync(file)) readSettings({ ENVIRONMENT: 'development', ...parseEnv(readFileSync(file, 'utf8')) });
}

const wrangler = spawn(process.execPath, [WRANGLER, 'dev', ...passedOn], {
  cwd: repositoryRoot,
  env: { ...process.env, WRANGLER_SEND_METRICS: 'false' },
  stdio: 'inherit',
});
// Ctrl-C reaches wrangler by itself; a supervisor's SIGTERM reaches only this process.
process.on('SIGINT', () => undefined);
process.on('SIGTERM', () => wrangler.kill('SIGTERM'));
wrangler.on('exit', (code) => process.exit(code ?? 0));
