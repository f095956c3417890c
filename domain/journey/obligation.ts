/** Something that forbids closure (domain reference 4.3), by the number of its item. */
export interface Obligation {
  readonly item: number;
  readonly entityId: string;
}
