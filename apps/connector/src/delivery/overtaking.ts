/**
 * Milliseconds for which a termination waits while it may overtake our answer to the message that it follows. A connector
 * of Eclipse EDC takes the termination, and when it then notes our answer it goes back to the state before: it would wait
 * for ever. Of any other message it says in that moment that it cannot be taken yet (409), and is asked again.
 */
export const overtaking = 500;
