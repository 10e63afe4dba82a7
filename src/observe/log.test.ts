import { describe, expect, it } from 'vitest'
import type { Observation } from '../model/observation.ts'
import { type LogLevel, logInto } from './log.ts'

/** What is logged of it, parsed; without its time. */
function logged(observation: unknown, level: LogLevel = 'debug') {
  const lines: string[] = []
  logInto(level, { write: (line) => lines.push(line) })(observation as Observation)
  return lines.map((line) => {
    const { time, ...facts } = JSON.parse(line)
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
    return facts
  })
}

describe('an observation', () => {
  const answered = {
    kind: 'requestAnswered',
    requestId: '0193a1b2-0000-7000-8000-000000000001',
    method: 'GET',
    status: 200,
    durationMs: 1.5,
    route: '/v1.0/x',
  }

  it('is one line of JSON with its kind as message', () => {
    const { kind, ...facts } = answered
    expect(logged(answered)).toEqual([{ level: 30, ...facts, msg: kind }])
  })

  it('below the level is not written', () => {
    expect(logged(answered, 'warn')).toEqual([])
    expect(logged({ kind: 'requestCrashed', requestId: 'x', error: 'y' }, 'warn')).toHaveLength(1)
  })

  it.each(['token', 'authorization', 'secret'])('has its %s covered, beside and inside', (name) => {
    const leaking = { ...answered, [name]: 'k1', inside: { [name]: 'k2', other: 'seen' } }
    expect(logged(leaking)).toMatchObject([
      { [name]: '[Redacted]', inside: { [name]: '[Redacted]', other: 'seen' }, status: 200 },
    ])
    expect(logged({ ...answered, [name]: 'k1' })).toMatchObject([{ [name]: '[Redacted]' }])
  })
})
