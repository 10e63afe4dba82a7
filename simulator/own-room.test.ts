import { globSync, readFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const room = fileURLToPath(new URL('.', import.meta.url))

test('the simulator imports nothing of the service: only its own files and packages (Apple contract 11.1)', () => {
  const files = globSync('**/*.ts', { cwd: room }).map((file) => resolve(room, file))
  const outside = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:from|import)\s*\(?'(\.[^']*)'/g)]
      .map(([, path = '']) => relative(room, resolve(dirname(file), path)))
      .filter((path) => path.startsWith('..') && !path.startsWith('../local-tls/')),
  )
  expect(files.length).toBeGreaterThan(50)
  expect(outside).toEqual([])
})
