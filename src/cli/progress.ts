/** How far long work has come, on one line of a terminal's standard error; nothing where nobody watches. */
export interface Progress {
  show(done: number, total: number): void
  /** Leaves the line empty. */
  end(): void
}

const width = 24

export function progress(
  label: string,
  out: Pick<NodeJS.WriteStream, 'isTTY' | 'write'> = process.stderr,
): Progress {
  return {
    show(done, total) {
      if (!out.isTTY) return
      const filled = total === 0 ? 0 : Math.floor((width * done) / total)
      const bar = `${'#'.repeat(filled)}${'.'.repeat(width - filled)}`
      out.write(`\r\u001b[K${label} [${bar}] ${done}/${total}`)
    },
    end() {
      if (out.isTTY) out.write('\r\u001b[K')
    },
  }
}
