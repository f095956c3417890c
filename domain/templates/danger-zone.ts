// Danger-zone vital signs by age (source: AHRQ Emergency Severity Index handbook, ch. 6; the age bands differ by edition).

interface Band {
  /** Completed years, with the fraction below one: 0.25 is three months. */
  readonly fromYears: number;
  readonly heartRateAbove: number;
  readonly respiratoryRateAbove: number;
  readonly oxygenSaturationBelow: number;
}

/** "Over 8 y" begins with the ninth birthday, where "3-8 y" ends. */
const bands: readonly Band[] = [
  { fromYears: 9, heartRateAbove: 100, respiratoryRateAbove: 20, oxygenSaturationBelow: 92 },
  { fromYears: 3, heartRateAbove: 140, respiratoryRateAbove: 30, oxygenSaturationBelow: 92 },
  { fromYears: 0.25, heartRateAbove: 160, respiratoryRateAbove: 40, oxygenSaturationBelow: 92 },
  { fromYears: 0, heartRateAbove: 180, respiratoryRateAbove: 50, oxygenSaturationBelow: 92 },
];

/** True if one of the values lies in the danger zone of the age; an unknown age meets the band that flags most. */
export function inDangerZone(values: Readonly<Record<string, number>>, years = Number.POSITIVE_INFINITY): boolean {
  const band = bands.find(({ fromYears }) => years >= fromYears);
  if (!band) return false;
  const { heartRate = 0, respiratoryRate = 0, oxygenSaturation = 100 } = values;
  return heartRate > band.heartRateAbove || respiratoryRate > band.respiratoryRateAbove || oxygenSaturation < band.oxygenSaturationBelow;
}
