"use client";

import { LOCALES, type Locale } from "#components/i18n/locale.ts";
import { readDigest } from "#components/lib/error-digest.ts";

/** Here and not among the messages: what reads those is what has failed. */
const WORDS: Record<Locale, { title: string; body: string; retry: string; digest: string }> = {
  en: {
    title: "The console could not be shown",
    body: "Events are still taken in and delivered: only these pages failed. Try again; if it happens again, the server’s log has the reason.",
    retry: "Try again",
    digest: "Reference",
  },
  ja: {
    title: "コンソールを表示できませんでした",
    body: "イベントの受信と配信は続いています。表示できないのはこの画面だけです。もう一度試してください。繰り返し起きる場合は、サーバーのログに原因が記録されています。",
    retry: "再試行",
    digest: "参照番号",
  },
};

const STYLES = `
  :root { color-scheme: light dark; }
  body { margin: 0; min-height: 100dvh; display: grid; place-content: center; padding: 1.5rem; line-height: 1.6;
    font-family: system-ui, sans-serif; font-size: 0.875rem; background: Canvas; color: CanvasText; }
  section { max-width: 34rem; padding: 1rem 0; }
  section + section { border-top: 1px solid color-mix(in srgb, CanvasText 20%, Canvas); }
  h1 { margin: 0; font-size: 1rem; font-weight: 600; }
  p { margin: 0.25rem 0 0.75rem; }
  button { font: inherit; padding: 0.25rem 0.875rem; cursor: pointer; color: inherit; background: transparent;
    border: 1px solid color-mix(in srgb, CanvasText 40%, Canvas); border-radius: 6px; }
  code { margin-left: 0.75rem; font-size: 0.75rem; }
`;

/** For what fails around every page, language and theme included: plain, and in both languages. */
export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  const digest = readDigest(error);
  return (
    <html lang="en">
      <head>
        <title>{WORDS.en.title}</title>
        <style>{STYLES}</style>
      </head>
      <body>
        {LOCALES.map((locale) => (
          <section key={locale} lang={locale} role="alert">
            <h1>{WORDS[locale].title}</h1>
            <p>{WORDS[locale].body}</p>
            <button type="button" onClick={retry}>
              {WORDS[locale].retry}
            </button>
            {digest === null ? null : <code>{`${WORDS[locale].digest} ${digest}`}</code>}
          </section>
        ))}
      </body>
    </html>
  );
}
