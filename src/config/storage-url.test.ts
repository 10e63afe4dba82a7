import { describe, expect, test } from 'vitest'
import { hasPassword, maskedStorageUrl, storageUrl } from './storage-url.ts'

describe('a storage URL', () => {
  test.each([
    ['sqlite:/var/lib/pomona/pomona.db', 'sqlite:/var/lib/pomona/pomona.db'],
    ['postgres://u:p@db:5432/pomona\n', 'postgres://u:p@db:5432/pomona'],
    ['postgresql:///pomona?host=/run/postgresql', 'postgresql:///pomona?host=/run/postgresql'],
  ])('%j is read as %j', (text, url) => {
    expect(storageUrl.parse(text)).toBe(url)
  })

  test.each(['mysql://db/pomona', 'sqlite:', '/var/lib/pomona.db', 'postgres:pomona', ''])(
    '%j is refused',
    (text) => {
      expect(() => storageUrl.parse(text)).toThrow('Give sqlite: and the path of a file')
    },
  )

  test('with a masked password is refused, with where to put the real one', () => {
    expect(() => storageUrl.parse('postgres://u:********@db/pomona')).toThrow(
      'It holds a masked password',
    )
  })

  test.each([
    ['postgres://u:pa@ss@db/pomona', 'postgres://u:********@db/pomona'],
    ['postgres://:secret@db', 'postgres://:********@db'],
    ['postgres://db/p?user=u&password=secret&a=b', 'postgres://db/p?user=u&password=********&a=b'],
    ['postgres://u@db/pomona', 'postgres://u@db/pomona'],
    ['sqlite:/data/a:b@c', 'sqlite:/data/a:b@c'],
  ])('%s is shown as %s', (url, shown) => {
    expect(maskedStorageUrl(url)).toBe(shown)
    expect(hasPassword(url)).toBe(url !== shown)
  })
})
