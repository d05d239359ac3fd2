/**
 * The shapes the speaker's modules share; this module has no code. Replies, cards and directives have the form of
 * skills/turn.py.
 *
 * @typedef {"connecting" | "offline" | "idle" | "waiting" | "opening" | "listening" | "thinking" | "speaking"} Phase
 *   `waiting`: for the wake word
 * @typedef {"idle" | "listening" | "thinking" | "speaking"} ServerState
 * @typedef {"button" | "wake" | "follow_up" | "barge_in"} Trigger what made an utterance begin
 *
 * @typedef {{item: string, title: string, subtitle?: string, description?: string, kind?: string, medium?: string,
 *   image_url?: string, duration_ms?: number | null, published?: string, playable?: boolean, begin_ms?: number | null, channel?: string}} Card
 * @typedef {{type: "play", item: string, title: string, creator?: string, url: string, medium?: "audio" | "video",
 *   image_url?: string, begin_ms?: number, duration_ms?: number | null, channel?: string}} Play
 * @typedef {"seek" | "speed" | "part_speed" | "repeat" | "shuffle" | "queue" | "sleep"} Ability
 * @typedef {{begin_ms: number, end_ms: number}} Part of an item
 * @typedef {{in_ms: number | null}} Sleep the sleep timer; null is at the end of the item
 * @typedef {{type: "volume", volume: number} | {type: "speed", speed: number, within?: Part | null}
 *   | {type: "repeat", repeat: "off" | "one" | "all"}
 *   | {type: "shuffle", shuffle: boolean} | {type: "queue", items: Play[], place?: "next" | "last" | "only"}
 *   | {type: "sleep", sleep: Sleep | null}} Setting
 * @typedef {Play | {type: "pause" | "resume" | "stop" | "next"} | {type: "seek", position_ms: number} | Setting} Directive
 * @typedef {{dialog_request_id: string, speech: string, text: string, cards?: Card[],
 *   quick_replies?: {text: string, utterance: string}[], directives?: Directive[], expects_reply?: boolean}} Reply
 *
 * @typedef {{request: string | null, said: string, reply: Reply | null, lost: boolean}} Turn
 *   `request` is null for a typed turn until the service names it; `lost` marks a turn that got no answer.
 * @typedef {{state: "playing" | "paused" | "stopped" | "ended" | "failed", item: string | null, position_ms: number,
 *   ends_at_ms: number | null, volume: number, speed: number, repeat: "off" | "one" | "all", shuffle: boolean,
 *   queue: string[], sleep: Sleep | null, can: Ability[], dialog_request_id: string | null}} PlayerReport
 * @typedef {{kind: string, text: string}} Notice
 * @typedef {"content" | "dialogue"} Channel of the audio channels, those that the page's state knows of
 *
 * @typedef {object} State
 * @property {"connecting" | "open" | "lost"} link
 * @property {ServerState} server what the service last said of itself
 * @property {"idle" | "listening" | "thinking" | null} awaiting the state a message on its way will bring about
 * @property {"closed" | "opening" | "open"} microphone the device
 * @property {boolean} echoCancelled whether the open microphone is without the loudspeaker's sound
 * @property {"shut" | "wanted" | "utterance" | "beside"} ear what the microphone's sound is sent for: nothing; an
 *   utterance, once it is open; an utterance; an interruption beside the answer that is being spoken
 * @property {Trigger} trigger of the utterance that is wanted or under way
 * @property {boolean} handsFree the microphone may open by itself: beside an answer, and after one that asks something
 * @property {string | null} wake the word that the open microphone waits for, null when that is switched off
 * @property {boolean} voiced whether the newest utterance was spoken
 * @property {boolean} followUp the present answer asks something: listen when it was played
 * @property {boolean} ducked everything is turned down, since somebody may be speaking into the answer
 * @property {boolean} played the answer was played to its end, and the service was not told yet
 * @property {string | null} request the newest dialog_request_id
 * @property {string[]} superseded older ones, whose messages are dropped
 * @property {string | null} conversation
 * @property {string | null} listener the token by which several devices are one listener's
 * @property {boolean} touched whether the listener has done anything yet
 * @property {boolean | null} storesAudio null until the service has said so
 * @property {string} partial
 * @property {boolean} heard whether speech was found in the frames
 * @property {Turn[]} turns
 * @property {{accepted: boolean, receiving: boolean, playing: boolean}} speech `accepted`: chunks are to be played;
 *   `receiving`: more are to come; `playing`: some are still to be heard
 * @property {{directives: Directive[], request: string} | null} held what to do once the answer was spoken
 * @property {PlayerReport} player the player's last report
 * @property {boolean} content whether the player plays, or is about to
 * @property {Channel[]} sounding the channels that sound, in the order of beginning
 * @property {Notice | null} notice
 *
 * @typedef {{type: "link", status: "connecting" | "lost"} | {type: "message", message: any}
 *   | {type: "audio", chunk: ArrayBuffer} | {type: "listen"} | {type: "woken"} | {type: "end"} | {type: "cancel"}
 *   | {type: "say", text: string} | {type: "microphone", status: "open", echoCancelled: boolean}
 *   | {type: "microphone", status: "failed", problem?: string} | {type: "handsFree", on: boolean}
 *   | {type: "wakeWord", phrase: string | null} | {type: "spoken"} | {type: "duckExpired"}
 *   | {type: "player", player: PlayerReport} | {type: "content", sounds: boolean} | {type: "notice", notice: Notice | null}} Event
 *
 * @typedef {{do: "send", message: any} | {do: "openMicrophone"} | {do: "closeMicrophone"} | {do: "sendPreRoll"}
 *   | {do: "cue"} | {do: "stopSpeech"} | {do: "beginSpeech", rate: number} | {do: "speak", chunk: ArrayBuffer}
 *   | {do: "finishSpeech"} | {do: "tellSpoken", request: string, whole: boolean} | {do: "direct", directives: Directive[], request: string}
 *   | {do: "remember", token: string, listener: string | null} | {do: "forget"}} Effect
 *
 * @typedef {{state: State, effects: Effect[]}} Step
 */

export {};
