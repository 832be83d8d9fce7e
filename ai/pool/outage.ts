/** Something that is done again and again, and whose failing is told when it begins and when it is over. */
export interface Outage {
  began(error: unknown): void;
  ended(): void;
}

/** Calls `onBegin` for the first failure in a row, and `onEnd` for the first success after it. */
export function createOutage(onBegin: (error: unknown) => void, onEnd: () => void): Outage {
  let isOn = false;
  return {
    began(error) {
      if (!isOn) onBegin(error);
      isOn = true;
    },
    ended() {
      if (isOn) onEnd();
      isOn = false;
    },
  };
}
