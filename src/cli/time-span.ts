const unitsMs = { h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const

/** `30d`, `12h`, `2w` in milliseconds; undefined for anything else. */
export function timeSpanMs(text: string): number | undefined {
  const [, number, unit] = /^(\d{1,4})([hdw])$/.exec(text) ?? []
  return unit === undefined ? undefined : Number(number) * unitsMs[unit as keyof typeof unitsMs]
}
