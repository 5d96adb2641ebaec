import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** WCAG 2.2 AA and what it builds on. */
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** `rule: where` of everything axe finds wrong in the page as it stands. */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  // The newer mode is for frames of other origins and opens a second page for each look; the product has no frames.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).withTags(rules).analyze()
  return violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.target.join(' ')} — ${node.failureSummary ?? ''}`),
  )
}

/** Pixels by which the page is wider than its window; 0 = nobody has to scroll sideways. */
export function sidewaysOverflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement
    return Math.max(0, scrollWidth - clientWidth)
  })
}

/** Skeletons are gone and every answer is in. */
export async function untilLoaded(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor()
  await page.locator('output[aria-label^="Loading"]').first().waitFor({ state: 'detached' })
}
