/** The sign: a W drawn as the way of a consignment, out and back. */
export function Sign({ size = 22 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <path
        d="M6.5 10.5 11 22l5-10 5 10 4.5-11.5"
        fill="none"
        stroke="#fff"
        strokeWidth="2.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}

/** The sign with the name. */
export function Wordmark({ size = 22 }: { size?: number }) {
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: size * 0.42 }}>
      <Sign size={size} />
      <span style={{ fontSize: size * 0.7, fontWeight: 680, letterSpacing: '-0.025em' }}>Waybill</span>
    </span>
  );
}
