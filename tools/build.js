// Bundles the two commands into dist/, their packages left out, beside the files that are not TypeScript. The types are the check's
// affair. Why bundled: docs/decisions/bundled-commands.md
import { chmodSync, cpSync, globSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { rolldown } from 'rolldown'

/** A file that looks for others beside it goes on finding them from where it would be without bundling. */
const placed = (folder) => ({
  name: 'placed',
  transform: {
    filter: { code: 'import.meta.url' },
    handler(code, file) {
      const place = relative(folder, file).replace(/\.ts$/, '.js')
      const url = `new URL('./${place}', import.meta.url).href`
      return { code: code.replaceAll('import.meta.url', url), map: null }
    },
  },
})

rmSync('dist', { recursive: true, force: true })
for (const folder of ['src', 'simulator']) {
  const bundle = await rolldown({
    input: join(folder, 'bin.ts'),
    platform: 'node',
    // Whatever is neither a relative path nor an absolute one: packages are what npm installs, not copies of it.
    external: /^(?![a-z]:)[^./]/i,
    plugins: [placed(folder)],
  })
  // What is loaded on demand stays a file of its own.
  await bundle.write({
    dir: join('dist', folder),
    chunkFileNames: '[name].js',
    sourcemap: true,
  })
  await bundle.close()
  chmodSync(join('dist', folder, 'bin.js'), 0o755)
}
for (const file of globSync('src/**/*.sql')) cpSync(file, join('dist', file))
