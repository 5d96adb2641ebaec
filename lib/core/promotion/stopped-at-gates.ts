/** How the reason of a release begins that Git is ahead of until its gates open. */
export const waitsAsPromotion = 'Waits as a promotion.'
/** Code of the problem of a release whose gates refused what Git says. */
export const promotionRefused = 'promotion-refused'
