import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { Failure, type FailureCode } from '../model/failure.ts'
import { printFacts, reportError } from './output.ts'
import { printTable } from './table.ts'

let out = ''
let err = ''
beforeEach(() => {
  out = ''
  err = ''
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    out += String(text)
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    err += String(text)
    return true
  })
})
afterEach(() => vi.restoreAllMocks())

describe('what a command shows', () => {
  test('is a table without frame, colour or blanks at the ends of lines', () => {
    printTable(
      ['NAME', 'STATE'],
      [
        ['Kiel Depot', 'valid'],
        ['', 'invalid'],
      ],
    )
    expect(out).toBe('NAME        STATE\nKiel Depot  valid\n            invalid\n')
  })

  test('keeps to its cell, whatever other people put into a name', () => {
    printTable(['NAME'], [['Kiel\u001b[31m\nDepot\u202e\u009b2J']])
    expect(out).toBe('NAME\nKiel [31m Depot 2J\n')
    out = ''
    printFacts([['name', 'Kiel\r\nstate  valid']])
    expect(out).toBe('name  Kiel state  valid\n')
  })

  test.each<[FailureCode, number]>([
    ['misconfigured', 2],
    ['notFound', 2],
    ['forbidden', 2],
    ['conflict', 2],
    ['notServed', 2],
    ['unavailable', 1],
    ['throttled', 1],
  ])('a failure %s is its message and exit code %i', (code, exitCode) => {
    expect(reportError(new Failure(code, 'So it is.\nAnd so.'))).toBe(exitCode)
    expect(err).toBe('pomona: So it is.\npomona: And so.\n')
  })

  test('an error that nobody foresaw shows where it came from and nothing that it holds', () => {
    expect(reportError(new Error('hunter2'))).toBe(1)
    expect(err).toMatch(/^pomona: something went wrong inside Pomona.*Error at .*\n$/)
    expect(err).not.toContain('hunter2')
  })
})
