/** The simulator in a process of its own, and its control plane. */
import { start } from './started.ts'

export interface PlayedWorld {
  readonly dataUrl: string
  /** Of world `main`; `path` begins with a slash. */
  control(method: string, path: string, body?: unknown): Promise<unknown>
  stop(): Promise<void>
}

/** `prefix`: before the command, such as `taskset -c 0`. */
export async function playWorld(seed: string, prefix: readonly string[]): Promise<PlayedWorld> {
  const { facts, stop } = await start([
    ...prefix,
    ...[process.execPath, 'dist/simulator/bin.js', '--seed', seed, '--at', 'now', '-o', 'json'],
    ...['--listen', '127.0.0.1:0', '--control', '127.0.0.1:0'],
  ])
  const { dataUrl = '', controlUrl = '', controlKey = '' } = facts
  return {
    dataUrl,
    async control(method, path, body) {
      const answer = await fetch(`${controlUrl}/worlds/main${path}`, {
        method,
        headers: { 'X-Simulator-Key': controlKey },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await answer.text()
      if (!answer.ok) throw new Error(`${method} ${path}: ${text}`)
      return text === '' ? undefined : JSON.parse(text)
    },
    stop,
  }
}
