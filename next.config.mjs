import createNextIntlPlugin from "next-intl/plugin";

/** @type {import("next").NextConfig} */
const config = {
  poweredByHeader: false,
  reactStrictMode: true,
  // The API compresses its own answers; behind a proxy, the proxy does.
  compress: true,
  typescript: { ignoreBuildErrors: true }, // `npm run types` checks every file, pages included
  devIndicators: false,
  // The address that the server prints; in development Next would serve `localhost` alone.
  allowedDevOrigins: ["127.0.0.1"],
};

export default createNextIntlPlugin("./components/i18n/request.ts")(config);
