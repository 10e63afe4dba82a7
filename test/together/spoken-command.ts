/** A command of `pomona` in this process, with what it says: a process of its own for each takes a second. */
import { runProgram } from '../../src/cli/program.ts'

export interface Spoken {
  readonly exitCode: number
  readonly stdout: string
  readonly stderr: string
}

/** One at a time: what is written meanwhile counts as the command's. */
export async function spokenCommand(words: readonly string[]): Promise<Spoken> {
  const { stdout, stderr } = process
  const [out, error] = [listenTo(stdout), listenTo(stderr)]
  const listeners = stdout.listeners('error')
  try {
    const exitCode = await runProgram(['node', 'pomona', ...words])
    return { exitCode, stdout: out.said(), stderr: error.said() }
  } finally {
    process.exitCode = undefined
    for (const listener of stdout.listeners('error'))
      if (!listeners.includes(listener)) stdout.off('error', listener as () => void)
    out.stop()
    error.stop()
  }
}

function listenTo(stream: NodeJS.WriteStream) {
  const write = stream.write
  let said = ''
  stream.write = (chunk: string | Uint8Array) => {
    said += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
    return true
  }
  return {
    said: () => said,
    stop: () => {
      stream.write = write
    },
  }
}
