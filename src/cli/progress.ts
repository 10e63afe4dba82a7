/** How far long work has come: a bar on a terminal; where nobody watches, a line when it begins and one when it ends. */
import { remark } from './output.ts'

export interface Progress {
  show(done: number, total: number): void
  /** Leaves the line of the bar empty. Absent text = it broke off, and somebody else says why. */
  end(text?: string): void
}

const width = 24

export function progress(
  label: string,
  out: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr,
  say: (text: string) => void = remark,
): Progress {
  if (!out.isTTY) {
    say(`${label}: under way.`)
    return {
      show: () => undefined,
      end: (text) => {
        if (text !== undefined) say(`${label}: ${text}`)
      },
    }
  }
  return {
    show(done, total) {
      const filled = total === 0 ? 0 : Math.floor((width * done) / total)
      const bar = `${'#'.repeat(filled)}${'.'.repeat(width - filled)}`
      out.write(`\r\u001b[K${label} [${bar}] ${done}/${total}`)
    },
    end: () => {
      out.write('\r\u001b[K')
    },
  }
}
