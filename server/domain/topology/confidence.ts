/** Below it a flow type is run by a broker, above the other by a mediator, in between by both. */
export const BROKER_BORDER = 0.3;
export const MEDIATOR_BORDER = 0.7;

/** So far from the border, a share is as clear as it can be. */
const CLEAR_DISTANCE = 0.2;

/**
 * How sure it is that a share, seen in `flows` flows, lies on its side of the borders: the level of the greatest Wilson
 * interval around it that does not reach over a border. A share close to a border is a matter of definition however
 * often it was seen, so the distance counts for itself, too.
 *
 * @see Wilson: "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22 (1927)
 * @returns from 0 to 1.
 */
export function confidenceOf(share: number, flows: number): number {
  const toBroker = Math.abs(share - BROKER_BORDER);
  const toMediator = Math.abs(share - MEDIATOR_BORDER);
  const isBetween = share > BROKER_BORDER && share < MEDIATOR_BORDER;
  const nearest = Math.min(toBroker, toMediator);
  const sureness = isBetween
    ? levelOf(toBroker, BROKER_BORDER, flows) + levelOf(toMediator, MEDIATOR_BORDER, flows) - 1
    : Math.max(levelOf(nearest, toBroker < toMediator ? BROKER_BORDER : MEDIATOR_BORDER, flows), 0);
  const clearness = 0.5 + 0.5 * Math.min(1, nearest / CLEAR_DISTANCE);
  return Math.max(0, sureness) * clearness;
}

/** The Wilson interval holds the border exactly where the score test does not refuse it. */
function levelOf(distance: number, border: number, flows: number): number {
  return normalCdf(distance * Math.sqrt(flows / (border * (1 - border))));
}

/** By Abramowitz and Stegun 26.2.17, off by less than 7.5e-8. */
function normalCdf(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  const tail =
    density *
    t *
    (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return z >= 0 ? 1 - tail : tail;
}
