/**
 * The only source of chance in a world: same seed and same calls give the same bytes (Apple contract 11.1).
 * The state is plain data, so that a snapshot holds it too. The algorithm is mulberry32.
 */
export interface RandomState {
  value: number
}

export function seedRandom(rngSeed: number): RandomState {
  return { value: rngSeed >>> 0 }
}

export function nextUint32(random: RandomState): number {
  random.value = (random.value + 0x6d2b79f5) >>> 0
  let mixed = random.value
  mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return (mixed ^ (mixed >>> 14)) >>> 0
}

export function nextBytes(random: RandomState, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  for (let index = 0; index < length; index += 1) bytes[index] = nextUint32(random) & 0xff
  return bytes
}
