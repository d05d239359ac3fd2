"""What is said in a room but not to an assistant for media: written for these benchmarks, to be refused."""

from __future__ import annotations

SMALL_TALK = (
    "did you remember to lock the back door", "my knee has been hurting since tuesday",
    "the neighbours are painting their fence again", "i think we should leave before it gets dark",
    "have you seen my other glove", "she said the wedding has been moved to june",
    "it smells like something is burning in the kitchen", "could you pass me the salt",
    "your brother looks more like your father every year", "we are out of dishwasher tablets",
    "i slept terribly last night because of the heat", "the dog has hidden the left shoe",
    "do you want tea or are you going straight to bed", "grandma is asking when we will visit",
    "take an umbrella because it is going to rain", "the bus was packed like a tin of sardines",
    "i cannot believe how much the rent has gone up", "let the soup cool down a little first",
    "who left the window open all night", "the children have eaten all the yoghurt",
    "that haircut really suits you", "i will be home at half past seven",
    "we need to talk about the holidays", "hold this ladder for a second please",
    "why is there sand in the washing machine", "tell your teacher that you were ill",
    "the lift is broken again so bring good shoes", "my parents grew up on the same street",
    "this cheese is older than you are", "mind the step when you come in",
)  # fmt: skip

PHONE_CALLS = (
    "hello yes i am calling about the invoice from march", "no i have been on hold for twenty minutes",
    "my customer number is four seven two nine one", "could you spell your last name for me",
    "the technician was supposed to come between eight and noon", "yes that is correct thank you for checking",
    "i would like to cancel my contract at the end of the month", "can you hear me now i am in the tunnel",
    "tell him that i will call back after lunch", "the parcel says delivered but nobody rang the bell",
    "what are your opening hours on saturday", "we have an appointment with doctor hansen on monday",
    "i am afraid the apartment has already been let", "please send the signed copy by friday",
    "how long does the repair usually take", "she is in a meeting can i take a message",
    "no the other account the one for the business", "that is not what your colleague told me yesterday",
    "we will meet you at the station by the flower shop", "sorry you are breaking up",
)  # fmt: skip

NEWS = (
    "the central bank left interest rates unchanged on thursday",
    "firefighters are still battling the blaze in the hills",
    "unemployment fell for the third month in a row", "the foreign minister arrived in geneva this morning",
    "heavy snow has closed several mountain passes", "the court rejected the appeal without giving reasons",
    "a spokesman for the airline declined to comment", "voters in the region go to the polls next sunday",
    "police have appealed for witnesses to come forward", "the ferry had more than two hundred passengers on board",
    "shares in the car maker dropped by nine percent", "researchers warn that the reservoir is almost empty",
    "the two sides failed to reach an agreement", "striking rail workers will return on monday",
    "the mayor promised four thousand new homes by spring", "parliament will debate the budget until midnight",
    "an earthquake shook the coast shortly before dawn", "the museum has returned the stolen statue",
    "temperatures will climb to thirty five degrees in the south", "the home team lost by a single point in extra time",
)  # fmt: skip

TELEVISION = (
    "you were never supposed to find out like this", "put the gun down and step away from the car",
    "ladies and gentlemen please welcome our next contestant", "tonight only two for the price of one",
    "the jury has reached a verdict your honour", "and the oscar for best costume goes to",
    "side effects may include dizziness and dry mouth", "the lioness has not eaten for six days",
    "he shoots and the keeper gets a hand to it", "in a world without rules one man stands alone",
    "spread the icing evenly around the edge of the cake", "doctor we are losing him",
    "your mission should you choose to accept it", "this programme contains flashing images",
    "for just nineteen ninety nine you get the whole set", "captain the shields are down to twelve percent",
    "what is the longest river in south america", "we will be right back after these messages",
    "i always knew that the butler had done it", "the penguins huddle together against the wind",
)  # fmt: skip

NUMBERS = (
    "seventeen thirty two sixty four", "zero one seven six five five five", "forty two point one nine",
    "eleven times twelve is a hundred and thirty two", "b as in berlin four nine zero",
    "minus six degrees at seven o'clock",
    "twenty third of august nineteen sixty eight", "three and a half cups of flour", "one two three testing one two",
    "platform nine at sixteen fifty", "five hundred grams of minced beef", "flat forty one b second staircase",
    "nine hundred and ninety nine euros", "chapter twelve verse thirty", "the code is eight eight two zero one",
)  # fmt: skip

READ_PROSE = (
    "the old man set down his lantern and listened to the river",
    "it was a grey morning and the gulls were quarrelling over the harbour",
    "margaret had never liked her cousin and saw no reason to begin now",
    "there is a kind of silence that belongs only to empty schools",
    "beyond the orchard the road bent sharply towards the mill",
    "he folded the letter twice and held it over the candle",
    "nobody in the village could remember a colder april",
    "her gloves lay on the piano where she had left them in the autumn",
    "the carriage stopped and a tall stranger stepped into the rain",
    "all that summer the brothers did not speak to one another",
    "a clerk with ink on his cuffs opened the heavy ledger",
    "she counted the stairs as she had done when she was small",
    "the general wiped his spectacles and said nothing at all",
    "under the floorboards they found a box of foreign coins",
    "every evening the widow carried a bowl of milk to the barn",
    "the sea withdrew as if it had forgotten something",
    "his uncle had made a fortune in buttons and lost it in horses",
    "twice the bell rang and twice nobody came to the gate",
    "they buried the dog beneath the pear tree without a word",
    "from the attic one could see as far as the lighthouse",
)  # fmt: skip

WORK = (
    "let us move the deadline to the end of the quarter", "i have pushed the fix to the staging server",
    "can everybody see my screen", "the slides are in the shared folder", "we should hire two more nurses for the ward",
    "who is taking the minutes today", "the printer on the third floor is out of toner",
    "the client wants a blue button instead of a green one", "please wear a helmet beyond this point",
    "the forklift needs a new battery", "sign here and initial every page", "our supplier has raised prices again",
    "the invoice does not match the delivery note", "there is a typo in the second paragraph",
    "the auditors will be here on wednesday",
)  # fmt: skip

TO_OTHERS = (
    "good boy now drop it", "come down this instant and brush your teeth", "are we nearly there yet",
    "stop hitting your sister", "who wants the last dumpling", "happy birthday to you my dear",
    "careful the plate is hot", "say cheese everybody", "one two three and push", "no not that one the bigger spanner",
)  # fmt: skip

OTHER_SPEECH = (*SMALL_TALK, *PHONE_CALLS, *NEWS, *TELEVISION, *NUMBERS, *READ_PROSE, *WORK, *TO_OTHERS)
"""None asks for media, steers a player, or is among the product's own sentences."""
