import { Protocol, SchemaSerializer, type Client } from "@colyseus/core";
import type { Schema } from "@colyseus/schema";
import { sendToAll } from "./shared-frame.ts";

/**
 * The state serializer without the two corruption defects of the stock one:
 * - A patch leaves the encoder as a view on a buffer that the next patch overwrites, so a socket that is
 *   backed up sends torn bytes. Here a patch is copied, once for all its receivers.
 * - A full state that outgrew the buffer is cut off for clients with a `view`, because the grown buffer is
 *   forgotten. Here it is kept.
 * What all clients share is sent as one frame made once.
 */
export class SafeSerializer<State extends Schema> extends SchemaSerializer<State> {
  override reset(state: State): void {
    super.reset(state);
    const encoder = this.encoder;

    const encode = encoder.encode.bind(encoder);
    encoder.encode = (it, view, buffer, initialOffset) => {
      const encoded = encode(it, view, buffer, initialOffset);
      // With a view the caller builds a fresh frame out of the shared buffer, which it must find as it is.
      return view === undefined ? Buffer.from(encoded) : encoded;
    };

    const encodeAll = encoder.encodeAll.bind(encoder);
    encoder.encodeAll = (it, buffer) => {
      const encoded = encodeAll(it, buffer);
      if (buffer === this.fullEncodeBuffer && encoded.buffer !== buffer.buffer) {
        this.fullEncodeBuffer = new Uint8Array(encoded.buffer);
      }
      return Buffer.from(encoded);
    };
  }

  override applyPatches(clients: Client[], state: State, timing?: Timing): boolean {
    const isShared = clients.length > 0 && !this.hasFilters && !timing && this.encoder.hasChanges;
    if (!isShared) return super.applyPatches(clients, state, timing);
    this.needFullEncode = true;
    this.encoder.sharedBuffer[0] = Protocol.ROOM_STATE_PATCH;
    sendToAll(clients, this.encoder.encode({ offset: 1 }) as Buffer);
    this.encoder.discardChanges();
    return true;
  }
}

type Timing = Parameters<SchemaSerializer<Schema>["applyPatches"]>[2];
