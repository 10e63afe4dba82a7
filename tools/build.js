// Compiles the service, the simulator and the local CA into dist/, beside the files that are not TypeScript.
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, globSync, rmSync } from 'node:fs'

rmSync('dist', { recursive: true, force: true })
const compiled = spawnSync('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json'], {
  stdio: ['ignore', 2, 2],
})
if (compiled.status !== 0) process.exit(compiled.status ?? 1)
for (const file of globSync('{src,simulator,local-tls}/**/*.{sql,json}'))
  cpSync(file, `dist/${file}`)
for (const command of ['dist/src/bin.js', 'dist/simulator/bin.js']) chmodSync(command, 0o755)
