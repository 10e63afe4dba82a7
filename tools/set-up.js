// Makes a fresh clone ready: packages and the Node that runs them. Runs on whatever Node the machine has, so it uses
// nothing newer than Node 18, and does nothing when node_modules already fits the lock file.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const stampFile = 'node_modules/.pomona-lock-sha256'
const wanted = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex')
const isReady = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted

if (!isReady) {
  console.error('Installing the packages and Node 24 into node_modules …')
  const npm = process.env.npm_execpath
  const install = npm
    ? spawnSync(process.execPath, [npm, 'ci', '--ignore-scripts', '--loglevel=error'], {
        stdio: ['ignore', 2, 2],
      })
    : spawnSync('npm', ['ci', '--ignore-scripts', '--loglevel=error'], { stdio: ['ignore', 2, 2] })
  if (install.status !== 0) {
    console.error(
      'The packages could not be installed (npm ci failed, see above). Check that npm reaches its registry, then run this again.',
    )
    process.exit(1)
  }
  writeFileSync(stampFile, wanted)
}
