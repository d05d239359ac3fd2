// Made by `python -m assistant.channels.audio_channels` from that module; a test compares them.
/** What becomes of the sound that plays, by its channel and then by the channel of the one that begins. */
export const FATE = {
  "alert": {
    "alert": "cancel",
    "content": "duck",
    "dialogue": "duck",
    "feedback": "duck",
    "notification": "duck"
  },
  "content": {
    "alert": "duck",
    "content": "cancel",
    "dialogue": "duck",
    "feedback": "duck",
    "notification": "duck"
  },
  "dialogue": {
    "alert": "duck",
    "content": "duck",
    "dialogue": "cancel",
    "feedback": "duck",
    "notification": "duck"
  },
  "feedback": {
    "alert": "duck",
    "content": "duck",
    "dialogue": "duck",
    "feedback": "cancel",
    "notification": "duck"
  },
  "notification": {
    "alert": "duck",
    "content": "duck",
    "dialogue": "duck",
    "feedback": "duck",
    "notification": "queue"
  }
};
/** A sound of these channels that begins while somebody is listened to ends the listening. */
export const ENDS_LISTENING = ["alert", "content", "dialogue"];
