import { describe, expect, it } from 'vitest'
import { addressOf, shapeOf, wrongAddress } from './endpoints.ts'

describe('addresses (Apple C14, C18)', () => {
  it.each([
    ['https://vpp.itunes.apple.com/mdm/v2', 'https://vpp.itunes.apple.com/mdm/v2/assets'],
    ['https://vpp.itunes.apple.com/mdm/v2/', 'https://vpp.itunes.apple.com/mdm/v2/assets'],
    ['http://127.0.0.1:8080/worlds/w1/mdm/v2', 'http://127.0.0.1:8080/worlds/w1/mdm/v2/assets'],
  ])('stand below the base %s', (base, expected) => {
    expect(addressOf(base, 'assets').href).toBe(expected)
  })

  it('carry values percent-encoded, and flags only when they are true', () => {
    const query = { clientUserId: 'a+b&c d/é', pageIndex: 0, revocable: true, unlimited: false }
    const { search } = addressOf('https://apple.example', 'assignments', query)
    expect(search).toBe('?clientUserId=a%2Bb%26c%20d%2F%C3%A9&pageIndex=0&revocable=true')
  })

  it.each([
    [
      'https://vpp.itunes.apple.com',
      "it answers, but not as Apple's service does; the address must end in /mdm/v2",
    ],
    [
      'https://a.example/mdm/v2/more',
      "it answers, but not as Apple's service does; the address must end in /mdm/v2",
    ],
    ['https://vpp.itunes.apple.com/mdm/v2', "it answers, but not as Apple's service does"],
    ['https://vpp.itunes.apple.com/mdm/v2/', "it answers, but not as Apple's service does"],
  ])('below %s where nothing lies: %s', (base, words) => {
    expect(wrongAddress(base)).toBe(words)
  })

  it('are described without their values', () => {
    expect(shapeOf('client/config')).toBe('GET /client/config')
    expect(shapeOf('assignments', { serialNumber: 'POMSER000001', pageIndex: 3 })).toBe(
      'GET /assignments with serialNumber, pageIndex',
    )
  })
})
