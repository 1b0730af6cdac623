/** The mark of the product: a stream, whose newest wave is the brightest. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg
      viewBox="3 5 26 24"
      fill="none"
      strokeLinecap="round"
      strokeWidth="3"
      aria-hidden
      className={className}
    >
      <g stroke="currentColor">
        <path d="M6 11c3.3-4 6.7-4 10 0s6.7 4 10 0" />
        <path d="M6 17c3.3-4 6.7-4 10 0s6.7 4 10 0" opacity="0.7" />
        <path d="M6 23c3.3-4 6.7-4 10 0s6.7 4 10 0" opacity="0.4" />
      </g>
    </svg>
  );
}
