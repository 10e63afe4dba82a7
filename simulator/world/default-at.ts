/** The time at which the samples of Apple contract section 2 were written down. */
export const defaultAt = '2026-12-01T09:00:00Z'
export const defaultAtMs = Date.parse(defaultAt)
