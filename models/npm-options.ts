import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Options } from 'pacote';
import { z } from 'zod';

const NpmConfig = z.object({
  registry: z.string().optional(),
  proxy: z.string().nullish(),
  'https-proxy': z.string().nullish(),
  noproxy: z.union([z.string(), z.array(z.string())]).nullish(),
  'strict-ssl': z.boolean().nullish(),
  cafile: z.string().nullish(),
  ca: z.union([z.string(), z.array(z.string())]).nullish(),
  cache: z.string().nullish(),
  userconfig: z.string().nullish(),
});
type NpmConfig = z.infer<typeof NpmConfig>;

/**
 * What the user told npm about registries, as options for pacote, which reads no configuration by itself.
 * Falls back to pacote's own defaults where npm cannot be asked: the fetch may fail then, the pinned digests still hold.
 */
export async function npmOptions(projectDirectory: string): Promise<Options> {
  const config = await askNpm(projectDirectory).catch((): NpmConfig => ({}));
  const ca = config.cafile ? certificates(await readOrEmpty(config.cafile)) : config.ca;
  const npmrcs = [config.userconfig, join(projectDirectory, '.npmrc')];
  const texts = await Promise.all(npmrcs.map((path) => (path ? readOrEmpty(path) : '')));
  const options: Options = {
    registry: config.registry,
    proxy: config.proxy,
    httpsProxy: config['https-proxy'],
    noProxy: Array.isArray(config.noproxy) ? config.noproxy.join(',') : config.noproxy,
    strictSSL: config['strict-ssl'],
    ca: ca?.length ? ca : undefined,
    // npm keeps its content store one folder down.
    cache: config.cache ? join(config.cache, '_cacache') : undefined,
    ...Object.assign({}, ...texts.map((text) => credentials(text, process.env))),
  };
  // An absent option means the default to pacote, a null or undefined one does not.
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined && value !== null));
}

async function askNpm(directory: string): Promise<NpmConfig> {
  const args = ['config', 'list', '--json'];
  // Under `npm run` and `npx` this names npm's own script, which also works where `npm` is a .cmd file.
  const script = process.env.npm_execpath;
  const viaNode = script?.endsWith('npm-cli.js') || script?.endsWith('npx-cli.js');
  const [command, prefix] =
    viaNode && script ? [process.execPath, [script.replace('npx-cli', 'npm-cli')]] : ['npm', []];
  const { stdout } = await promisify(execFile)(command, [...prefix, ...args], { cwd: directory, timeout: 20_000 });
  return NpmConfig.parse(JSON.parse(stdout));
}

/** The lines of an .npmrc that belong to one registry (`//host/:_authToken=...`), which `npm config list` keeps back. */
export function credentials(npmrc: string, env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const line of npmrc.split(/\r?\n/)) {
    const match = /^\s*(\/\/[^=\s]+)\s*=\s*"?([^"]*?)"?\s*$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) continue;
    // As npm does: a variable that is not set stays as written, and the registry refuses it.
    found[match[1]] = match[2].replace(/\$\{(\w+)\}/g, (written, name: string) => env[name] ?? written);
  }
  return found;
}

/** A bundle file as the list of certificates that a TLS connection wants. */
export function certificates(bundle: string): string[] {
  return bundle.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
}

async function readOrEmpty(path: string): Promise<string> {
  return await readFile(path, 'utf8').catch(() => '');
}
