/** The credential in `Bearer x`; undefined for any other form, which is answered with 9722. */
export function bearerText(header: string | undefined): string | undefined {
  return /^Bearer (\S+)$/.exec(header ?? '')?.[1]
}
