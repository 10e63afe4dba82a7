import { describe, expect, test } from 'vitest'
import { createTurnedClock } from '../../test/turned-clock.ts'
import type { Storefront } from '../ports/app-metadata.ts'
import { decodeLookup } from './decode-lookup.ts'
import { createLookupCache, mostRemembered } from './lookup-cache.ts'

const germany: Storefront = { platform: 'enterprisestore', country: 'de' }
const [metadata = null] = decodeLookup({ results: { 1: { name: 'One' } } }, 'de').values()

function open() {
  const clock = createTurnedClock(new Date('2026-12-01T09:00:00.000Z'))
  return { clock, cache: createLookupCache(clock) }
}

describe('the memory of the lookup', () => {
  test('tells what is known, what is known to be missing, and what is neither', () => {
    const { cache } = open()
    cache.put(germany, '1', metadata)
    cache.put(germany, '2', null)
    expect(cache.find(germany, '1')).toBe(metadata)
    expect(cache.find(germany, '2')).toBeNull()
    expect(cache.find(germany, '3')).toBeUndefined()
  })

  test('keeps storefronts apart', () => {
    const { cache } = open()
    cache.put(germany, '1', metadata)
    expect(cache.find({ ...germany, country: 'at' }, '1')).toBeUndefined()
    expect(cache.find({ ...germany, platform: 'macappstore' }, '1')).toBeUndefined()
  })

  test('ends after a day', () => {
    const { cache, clock } = open()
    cache.put(germany, '1', null)
    clock.turn(24 * 3_600_000 - 1)
    expect(cache.find(germany, '1')).toBeNull()
    clock.turn(1)
    expect(cache.find(germany, '1')).toBeUndefined()
  })

  test('is bounded: the oldest is forgotten first', () => {
    const { cache } = open()
    for (let id = 0; id < mostRemembered; id += 1) cache.put(germany, String(id), null)
    cache.put(germany, '0', null)
    cache.put(germany, 'new', null)
    expect(cache.find(germany, '0')).toBeNull()
    expect(cache.find(germany, '1')).toBeUndefined()
    expect(cache.find(germany, '2')).toBeNull()
  })
})
