import { describe, expect, it } from 'vitest'
import { accessibilityProblems, sidewaysOverflow } from './page-checks.ts'
import { pictureOnFailure, signIn, type ProductInBrowser } from './product-in-browser.ts'

export function signingIn(the: () => ProductInBrowser): void {
  describe('signing in', () => {
    it('works once with a link, and leads where one wanted to go', async () => {
      const { product, browser } = the()
      const page = await (await browser.newContext()).newPage()
      pictureOnFailure(page)
      const link = product.product.logins.approver
      await signIn(page, link)
      await page.getByRole('button', { name: /^You: Approver/ }).waitFor()

      const other = await (await browser.newContext()).newPage()
      await other.goto(link)
      await other.getByRole('button', { name: 'Sign in' }).click()
      expect(await other.getByRole('alert').filter({ hasText: /\w/ }).textContent()).toMatch(
        /used|not valid|expired|no longer/i,
      )

      await page.getByRole('button', { name: /^You: Approver/ }).click()
      await page.getByRole('menuitem', { name: 'Sign out' }).click()
      await page.waitForURL('**/sign-in')
      await page.goto(`${product.web}/audit?kind=commit`)
      await page.waitForURL(`**/sign-in?next=${encodeURIComponent('/audit?kind=commit')}`)
      await page.context().close()
      await other.context().close()
    })

    it.each(['light', 'dark'] as const)('has a page that everybody can use, %s', async (colorScheme) => {
      const { product, browser } = the()
      const context = await browser.newContext({ colorScheme, viewport: { width: 360, height: 780 } })
      const page = await context.newPage()
      await page.goto(`${product.web}/sign-in`)
      expect(await accessibilityProblems(page)).toEqual([])
      await page.getByRole('button', { name: 'Use a one-time link' }).click()
      await page.getByLabel('One-time link').fill('not a link')
      expect(await page.getByRole('button', { name: 'Sign in' }).getAttribute('aria-disabled')).toBe('true')
      expect(await accessibilityProblems(page)).toEqual([])
      expect(await sidewaysOverflow(page)).toBe(0)
      await context.close()
    })
  })
}
