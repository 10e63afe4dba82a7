/**
 * How a process of the demo ends with the demo, even where that was killed outright: its standard input is a pipe that only the
 * demo holds, and this small module, loaded before the command, waits for its end. So the commands themselves know nothing of it.
 * As a data URL, since the built package has no file for it. It also removes the demo's folder, which nobody else would.
 */
export const folderVariable = 'DEMO_FOLDER'

const source = `
import { rmSync } from 'node:fs'
process.stdin.resume().on('error', () => {}).once('close', () => {
  process.once('exit', () => {
    try {
      rmSync(process.env.${folderVariable}, { recursive: true, force: true, maxRetries: 3 })
    } catch {}
  })
  if (process.listenerCount('SIGTERM') > 0) process.kill(process.pid, 'SIGTERM')
  else process.exit(1)
})
process.stdin.unref()
`

/** Options of Node's. */
export const endWithParent: readonly string[] = [
  '--import',
  `data:text/javascript,${encodeURIComponent(source)}`,
]
