/* Does what a TA must not. Run it only where its calls are not those of the host. */
#include <tee_internal_api.h>
#include <utee_syscalls.h>

#define TA_UUID { 0x5b0c3d1e, 0x8a41, 0x4d0b, { 0x9e, 0x11, 0x6c, 0x69, 0x74, 0x65, 0x00, 0x06 } }
#define TA_FLAGS 0
#define TA_STACK_SIZE 0x4000
#define TA_DATA_SIZE 0x8000
#include <user_ta_header.h>

/* The first parameter is a value in. All but the last five end the TA, or should. */
enum command {
	COMMAND_PANIC = 0,       /* a: the code */
	COMMAND_READ = 1,        /* a and b: low and high half of an address */
	COMMAND_WRITE = 2,       /* likewise */
	COMMAND_CALL = 3,        /* likewise */
	COMMAND_WRITE_CODE = 4,  /* its own */
	COMMAND_RUN_DATA = 5,    /* its own; a: 0 for static data, 1 for the stack, 2 for the heap */
	COMMAND_DIVIDE = 6,      /* by zero */
	COMMAND_LOOP = 7,        /* for ever */
	COMMAND_STACK = 8,       /* until it ends */
	COMMAND_SMASH = 9,       /* writes over the canary of its stack */
	COMMAND_INSTRUCTION = 10, /* a: 0 undefined, 1 privileged, 2 the Linux call `int 0x80`, 3 a breakpoint */
	COMMAND_FREE = 11,       /* gives back what is no allocation */
	COMMAND_HANDLE = 12,     /* uses an operation that does not exist */
	COMMAND_SWEEP = 16,      /* a to b: numbers of calls; value in: a pattern; value out: calls, wrong results */
	COMMAND_ONE = 17,        /* a: a number; value in: a pattern; value out: the result */
	COMMAND_HANDLES = 18,    /* value out: calls with handles that do not exist, wrong results */
	COMMAND_SIZE = 19,       /* memory out: told to be larger than it is, by a + 2^32 b */
	COMMAND_STILL_ALIVE = 20,
};

/* Words that every argument of a call is. */
enum pattern {
	PATTERN_ZERO = 0,
	PATTERN_ONES = 1,
	PATTERN_KERNEL = 2,   /* where kernels are */
	PATTERN_LOW = 3,      /* below all that is mapped */
	PATTERN_EDGE = 4,     /* the last byte that user code can have */
	PATTERN_CODE = 5,     /* its own code */
	PATTERN_DATA = 6,     /* its own data: sizes are then addresses */
	PATTERN_BRIEF = 7,    /* its own data at even places, the size of it at odd ones */
	PATTERN_OVERLONG = 8, /* its own data at even places, a size that wraps at odd ones */
};

#define SVC_RETURN 0
#define SVC_LOG 1
#define SVC_PANIC 2
#define SVC_WAIT 12

static uint64_t buffer[64];

TEE_Result TA_CreateEntryPoint(void)
{
	return TEE_SUCCESS;
}

void TA_DestroyEntryPoint(void)
{
}

TEE_Result TA_OpenSessionEntryPoint(uint32_t types, TEE_Param params[4], void **context)
{
	(void)types;
	(void)params;
	(void)context;
	return TEE_SUCCESS;
}

void TA_CloseSessionEntryPoint(void *context)
{
	(void)context;
}

static uintptr_t address(const TEE_Param *param)
{
	return (uintptr_t)param->value.b << 32 | param->value.a;
}

static uint32_t read_at(uintptr_t place)
{
	return *(volatile uint8_t *)place;
}

static void write_at(uintptr_t place)
{
	*(volatile uint8_t *)place = 0xc3;
}

static void call_at(uintptr_t place)
{
	void (*volatile function)(void) = (void (*)(void))place;

	function();
}

/* `ret`, where data are. */
static void run_data(uint32_t where)
{
	static uint8_t code[16] = { 0xc3 };
	uint8_t local[16] = { 0xc3 };
	uint8_t *heap = TEE_Malloc(sizeof(local), TEE_MALLOC_FILL_ZERO);

	if (heap)
		heap[0] = 0xc3;
	call_at((uintptr_t)(where == 0 ? code : where == 1 ? local : heap));
}

static uint32_t divide(uint32_t by)
{
	uint32_t quotient = 1;
	uint32_t rest = 0;

	__asm__ volatile("divl %2" : "+a"(quotient), "+d"(rest) : "r"(by));
	return quotient;
}

static void loop(void)
{
	for (;;)
		__asm__ volatile("pause");
}

static uint32_t __attribute__((noinline, noclone)) use_stack(volatile uint8_t *above)
{
	volatile uint8_t local[256];

	/* Never, which the compiler does not know. */
	if (!above)
		return 0;
	local[0] = above[0];
	return use_stack(local) + local[0];
}

static void __attribute__((noinline)) smash(size_t length)
{
	volatile uint8_t local[16];
	volatile uint8_t *place = local;

	/* Over the canary, but not over what the caller keeps. */
	for (size_t index = 0; index < length; index++)
		place[index] ^= 0xff;
}

static void instruction(uint32_t which)
{
	uint32_t result = 20;

	switch (which) {
	case 0:
		__asm__ volatile("ud2");
		break;
	case 1:
		__asm__ volatile("hlt");
		break;
	case 2:
		/* getpid in 32-bit Linux, which harms nobody. */
		__asm__ volatile("int $0x80" : "+a"(result) : : "memory");
		break;
	default:
		__asm__ volatile("int3");
		break;
	}
}

static void fill(uint32_t pattern, uint64_t words[8])
{
	for (size_t index = 0; index < 8; index++) {
		switch (pattern) {
		case PATTERN_ZERO:
			words[index] = 0;
			break;
		case PATTERN_ONES:
			words[index] = UINT64_MAX;
			break;
		case PATTERN_KERNEL:
			words[index] = 0xffff800000000000ULL;
			break;
		case PATTERN_LOW:
			words[index] = 0x10;
			break;
		case PATTERN_EDGE:
			words[index] = 0x00007fffffffffffULL;
			break;
		case PATTERN_CODE:
			words[index] = (uintptr_t)fill;
			break;
		case PATTERN_DATA:
			words[index] = (uintptr_t)buffer;
			break;
		case PATTERN_BRIEF:
			words[index] = index % 2 ? sizeof(buffer) : (uintptr_t)buffer;
			break;
		default:
			words[index] = index % 2 ? UINT64_MAX - 8 : (uintptr_t)buffer;
			break;
		}
	}
}

/* Success, or an error of the API: not the negative number of a host's. */
static bool is_result(uint32_t result)
{
	return result == TEE_SUCCESS || (result >> 16 == 0xf010) || (result >> 16 == 0xffff && (result & 0xffff) < 0xf000);
}

/* Calls that do not come back, or not soon, are left out. */
static void sweep(uint32_t first, uint32_t last, uint32_t pattern, TEE_Param *answer)
{
	uint64_t words[8];

	answer->value.a = 0;
	answer->value.b = 0;
	for (uint32_t number = first; number <= last; number++) {
		if (number == SVC_RETURN || number == SVC_PANIC || number == SVC_WAIT)
			continue;
		fill(pattern, words);
		answer->value.a++;
		if (!is_result(utee_svc(number, words)))
			answer->value.b++;
	}
}

static uint32_t one(uint32_t number, uint32_t pattern)
{
	uint64_t words[8];

	fill(pattern, words);
	return utee_svc(number, words);
}

/* Every call that takes an object or a state, with numbers of none, and everything else in order: none succeeds. */
static void handles(TEE_Param *answer)
{
	static const uint32_t numbers[] = { 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 28, 29, 30, 31, 32,
					    34, 35, 36, 37, 38, 39, 40, 43, 44, 50, 51, 52, 53, 54 };
	static const uint32_t wild[] = { 0, 1, 0x1234, 0x7fffffff, 0x80000000, 0xffffffff };

	answer->value.a = 0;
	answer->value.b = 0;
	for (size_t index = 0; index < sizeof(numbers) / sizeof(numbers[0]); index++) {
		for (size_t which = 0; which < sizeof(wild) / sizeof(wild[0]); which++) {
			const uint64_t words[8] = { wild[which], (uintptr_t)buffer, 16, (uintptr_t)(buffer + 16),
						    (uintptr_t)(buffer + 32), 16, (uintptr_t)(buffer + 48), 16 };
			uint32_t result;

			buffer[32] = 16;
			buffer[48] = 16;
			result = utee_svc(numbers[index], words);
			answer->value.a++;
			if (result == TEE_SUCCESS || !is_result(result))
				answer->value.b++;
		}
	}
}

/* Commands that should not come back. */
static TEE_Result finish(uint32_t command, const TEE_Param *param)
{
	switch (command) {
	case COMMAND_PANIC:
		TEE_Panic(param->value.a);
	case COMMAND_READ:
		return read_at(address(param)) == 0x100;
	case COMMAND_WRITE:
		write_at(address(param));
		return TEE_SUCCESS;
	case COMMAND_CALL:
		call_at(address(param));
		return TEE_SUCCESS;
	case COMMAND_WRITE_CODE:
		write_at((uintptr_t)TA_DestroyEntryPoint);
		return TEE_SUCCESS;
	case COMMAND_RUN_DATA:
		run_data(param->value.a);
		return TEE_SUCCESS;
	case COMMAND_DIVIDE:
		return divide(0) == 1;
	case COMMAND_LOOP:
		loop();
		return TEE_SUCCESS;
	case COMMAND_STACK:
		return use_stack((volatile uint8_t *)&command) == 1;
	case COMMAND_SMASH:
		smash(32);
		return TEE_SUCCESS;
	case COMMAND_INSTRUCTION:
		instruction(param->value.a);
		return TEE_SUCCESS;
	case COMMAND_FREE:
		TEE_Free(buffer);
		return TEE_SUCCESS;
	case COMMAND_HANDLE:
		TEE_CipherInit((TEE_OperationHandle)(uintptr_t)0x1234, NULL, 0);
		return TEE_SUCCESS;
	default:
		return TEE_ERROR_NOT_SUPPORTED;
	}
}

TEE_Result TA_InvokeCommandEntryPoint(void *context, uint32_t command, uint32_t types, TEE_Param params[4])
{
	(void)context;
	(void)types;
	switch (command) {
	case COMMAND_SWEEP:
		sweep(params[0].value.a, params[0].value.b, params[1].value.a, &params[2]);
		return TEE_SUCCESS;
	case COMMAND_ONE:
		params[2].value.a = one(params[0].value.a, params[1].value.a);
		params[2].value.b = 0;
		return TEE_SUCCESS;
	case COMMAND_HANDLES:
		handles(&params[2]);
		return TEE_SUCCESS;
	case COMMAND_SIZE:
		params[1].memref.size += address(&params[0]);
		return TEE_SUCCESS;
	case COMMAND_STILL_ALIVE:
		return TEE_SUCCESS;
	default:
		return finish(command, &params[0]);
	}
}
