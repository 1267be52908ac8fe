// Builds what Rust embeds: the SDK, and of the hosted page style, scripts and words. They are committed, so that cargo
// needs no Node.js. With `--check`, writes nothing and says whether what is committed is what the sources make.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';
import { minify } from 'terser';

import { errors, LANGUAGES, page, pageFile } from './messages.mjs';

const path = (from) => fileURLToPath(new URL(from, import.meta.url));
const PAGE = '../../functions/open-link/page';
const check = process.argv.includes('--check');

/** What a module or a style sheet becomes, with all that it imports. */
async function bundle(source, more = {}) {
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
    ...more,
  });
  return made.text;
}

/** The same, without the 3 % that esbuild's own minifier leaves and that count here. */
async function script(source) {
  const options = { module: true, ecma: 2020, compress: { passes: 3, unsafe_arrows: true }, format: { comments: false } };
  return (await minify(await bundle(source), options)).code;
}

/** The names of the texts, so that the page cannot ask for one that does not exist. */
function names() {
  const types = Object.entries(page('en')).filter(([group]) => group !== 'fixed').map(([group, texts]) =>
    `export type ${group[0].toUpperCase()}${group.slice(1)} =\n${Object.keys(texts).map((name) => `  | '${name}'`).join('\n')};\n`);
  return `// Generated from shared/messages/en/page.ftl: npm --prefix shared/sdk run build\n\n${types.join('\n')}`;
}

const LICENSE_OF_QR = '/* lean-qr 2.7.4, copyright (c) 2021 David Evans, MIT License: https://github.com/davidje13/lean-qr/blob/main/LICENSE */\n';
const outputs = {
  'dist/index.js': await script('src/index.ts'),
  'dist/sign-in.js': await script('src/sign-in.ts'),
  'dist/messages.js': (await bundle('src/messages.ts', { external: ['./messages/*'] })).trim(),
  [`${PAGE}/src/catalogue.ts`]: names(),
  [`${PAGE}/page.css`]: (await bundle(`${PAGE}/src/page.css`)).trim(),
  [`${PAGE}/page.js`]: await script(`${PAGE}/src/main.ts`),
  [`${PAGE}/qr.js`]: LICENSE_OF_QR + (await script(`${PAGE}/src/qr.ts`)),
  ...Object.fromEntries(LANGUAGES.map((language) => [`${PAGE}/words/${language}.txt`, pageFile(language)])),
  ...Object.fromEntries(LANGUAGES.flatMap((language) => {
    const texts = JSON.stringify(errors(language), null, 2);
    const source = `// Generated from shared/messages/${language}/sdk.ftl: npm --prefix shared/sdk run build\n\nexport default ${texts};\n`;
    return [[`src/messages/${language}.ts`, source], [`dist/messages/${language}.js`, source]];
  })),
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
