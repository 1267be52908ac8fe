// Builds what Rust embeds: the SDK, and of the hosted page style, scripts and words. They are committed, so that cargo
// needs no Node.js. With `--check`, writes nothing and says whether what is committed is what the sources make.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';
import { minify } from 'terser';

const path = (from) => fileURLToPath(new URL(from, import.meta.url));
const PAGE = '../../functions/open-link/page';
const check = process.argv.includes('--check');

/** What a module or a style sheet becomes, with all that it imports. */
async function bundle(source) {
  const { outputFiles: [made] } = await build({
    entryPoints: [path(source)],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    charset: 'utf8',
    legalComments: 'none',
    nodePaths: [path('node_modules')],
    write: false,
    absWorkingDir: path('.'),
    logLevel: 'warning',
  });
  return made.text;
}

/** The same, without the 3 % that esbuild's own minifier leaves and that count here. */
async function script(source) {
  const options = { module: true, ecma: 2020, compress: { passes: 3, unsafe_arrows: true }, format: { comments: false } };
  return (await minify(await bundle(source), options)).code;
}

/** What a module of words exports, as JSON. */
async function words(source) {
  const { localized, ...exported } = await import(`data:text/javascript,${encodeURIComponent(await bundle(source))}`);
  return `${JSON.stringify(localized ?? exported)}\n`;
}

const LICENSE_OF_QR = '/* lean-qr 2.7.4, copyright (c) 2021 David Evans, MIT License: https://github.com/davidje13/lean-qr/blob/main/LICENSE */\n';
const outputs = {
  'dist/index.js': await script('src/index.ts'),
  'dist/sign-in.js': await script('src/sign-in.ts'),
  [`${PAGE}/page.css`]: (await bundle(`${PAGE}/src/page.css`)).trim(),
  [`${PAGE}/page.js`]: await script(`${PAGE}/src/main.ts`),
  [`${PAGE}/qr.js`]: LICENSE_OF_QR + (await script(`${PAGE}/src/qr.ts`)),
  [`${PAGE}/words.en.json`]: await words(`${PAGE}/src/words/en.ts`),
  [`${PAGE}/words.de.json`]: await words(`${PAGE}/src/words/de.ts`),
};

for (const [output, made] of Object.entries(outputs)) {
  const file = path(output);
  const name = relative(path('../..'), file);
  const contents = Buffer.from(made);
  if (!check) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, contents);
    console.log(`${name}: ${contents.length} bytes`);
  } else if (!contents.equals(await readFile(file).catch(() => Buffer.alloc(0)))) {
    console.error(`${name} is not what its sources make: run npm --prefix shared/sdk run build, and commit it`);
    process.exitCode = 1;
  }
}
