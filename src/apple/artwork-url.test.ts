import { expect, test } from 'vitest'
import { artworkUrl } from './artwork-url.ts'

const at = (width: unknown) => ({ url: `https://img.example/${width}.png`, width, height: width })

test.each<[string, unknown, string | null]>([
  [
    'one address with places for the size',
    { url: 'https://img.example/a/{w}x{h}bb.{f}', width: 1024 },
    'https://img.example/a/512x512bb.png',
  ],
  [
    'with a place for the way of cutting',
    { url: 'https://img.example/a/{w}x{h}{c}.{f}' },
    'https://img.example/a/512x512bb.png',
  ],
  [
    'a list: the smallest that is large enough',
    [at(60), at(1024), at(512)],
    'https://img.example/512.png',
  ],
  ['a list: the largest when all are small', [at(60), at(100)], 'https://img.example/100.png'],
  ['a list with things that are no pictures', [null, 'x', at(60)], 'https://img.example/60.png'],
  ['an empty list', [], null],
  ['nothing', null, null],
  ['a picture without address', { width: 512 }, null],
  ['an address that is none', { url: 'nowhere' }, null],
  ['an address of another kind', { url: 'file:///etc/passwd' }, null],
  ['an address of any length', { url: `https://img.example/${'x'.repeat(3_000)}` }, null],
])('artwork: %s', (_what, artwork, url) => {
  expect(artworkUrl(artwork)).toBe(url)
})
