# SPDX-License-Identifier: MIT
#
# newlib, the C library of the guest kernel's programs: $(BUILD)/newlib-64.a and newlib-32.a, of Debian's source.
# Its own configure and make take minutes, most of them for what no program here could use: wide characters, complex
# and long double numbers, conversions of character sets, and a shell around each compiler. What configure would find
# out is the same on any host: it is in guest-kernel/user/include/newlib.h, and the lists below are what is compiled.
# A function that a program lacks ("undefined reference") is there with one more name in its folder's list.

newlib-package := build/packages/newlib-source/usr/src/newlib
newlib-unpacked := $(BUILD)/newlib-source/unpacked
newlib := $(BUILD)/newlib-source/newlib

# --- what is compiled: what programs call of one byte a character and of double, and what that needs ---
newlib-ctype := ctype_ isalnum isalpha isascii isblank iscntrl isdigit islower isprint ispunct isspace \
	isupper iswspace iswspace_l isxdigit toascii tolower tolower_l toupper
newlib-errno := errno
newlib-locale := lctype lnumeric locale localeconv timelocal
newlib-reent := closer fcntlr fstatr gettimeofdayr impure isattyr linkr lseekr openr readr reent sbrkr \
	signalr statr timesr unlinkr writer
newlib-search := bsearch qsort qsort_r
newlib-signal := psignal raise
newlib-stdio := asprintf clearerr dprintf fclose fdopen feof ferror fflush fgetc fgetpos fgets fileno findfp \
	fiprintf flags fopen fprintf fputc fputs fputwc fread freopen fscanf fseek fseeko fsetpos ftell ftello \
	fvwrite fwalk fwrite getc getc_u getchar getchar_u getdelim getline iprintf makebuf mktemp perror printf \
	putc putc_u putchar putchar_u puts refill remove rewind rget scanf sccl setbuf setbuffer setlinebuf setvbuf \
	siprintf siscanf sniprintf snprintf sprintf sscanf stdio svfiprintf svfiscanf svfprintf svfscanf tmpfile \
	tmpnam ungetc vasnprintf vasprintf vdprintf vfiprintf vfprintf vfscanf viprintf vprintf vscanf vsiprintf \
	vsniprintf vsnprintf vsprintf vsscanf wbuf wsetup
newlib-stdlib := _Exit __atexit __call_atexit abort abs assert atexit atof atoi atol atoll calloc callocr \
	div dtoa environ envlock exit freer gdtoa-gethex gdtoa-hexnan getenv getenv_r getopt imaxabs imaxdiv itoa \
	labs ldiv llabs lldiv malloc mallocr mbrtowc mbtowc mbtowc_r mlock mprec putenv putenv_r rand rand_r random \
	realloc reallocr setenv setenv_r strtod strtoimax strtol strtoll strtoul strtoull strtoumax utoa wcrtomb \
	wctomb wctomb_r
newlib-string := bcmp bcopy bzero explicit_bzero index memccpy memchr memcmp memcpy memmem memmove mempcpy \
	memrchr memset rindex stpcpy stpncpy strcasecmp strcasestr strcat strchr strchrnul strcmp strcoll strcpy \
	strcspn strdup strdup_r strerror strerror_r strlcat strlcpy strlen strncasecmp strncasecmp_l strncat strncmp \
	strncpy strndup strndup_r strnlen strpbrk strrchr strsep strsignal strspn strstr strtok strtok_r strverscmp \
	strxfrm u_strerr
newlib-time := asctime asctime_r clock ctime ctime_r difftime gettzinfo gmtime gmtime_r lcltime lcltime_r \
	mktime month_lengths strftime strptime time tzcalc_limits tzlock tzset tzset_r tzvars

# e_: the formula, k_: its core, s_: one that is exact, w_: what programs call; sf_ is float's.
newlib-math := e_acos e_acosh e_asin e_atan2 e_atanh e_cosh e_exp e_fmod e_hypot e_log e_log10 e_pow \
	e_rem_pio2 e_sinh e_sqrt k_cos k_rem_pio2 k_sin k_tan s_asinh s_atan s_ceil s_cos s_fabs s_floor s_frexp \
	s_ldexp s_sin s_tan s_tanh w_acos w_acosh w_asin w_atan2 w_atanh w_cosh w_exp w_exp2 w_fmod w_hypot w_log \
	w_log10 w_pow w_sinh w_sqrt
newlib-common := math_err s_cbrt s_copysign s_expm1 s_finite s_fmax s_fmin s_fpclassify s_ilogb s_isinf \
	s_isnan s_lib_ver s_llrint s_llround s_log1p s_log2 s_logb s_lrint s_lround s_modf s_nan s_nextafter s_rint \
	s_round s_scalbn s_signbit s_trunc sf_finite sf_fpclassify sf_nan

# What is in assembly for one width: in place of the C file of the same name.
newlib-machine-64 := x86_64
newlib-machine-32 := i386
newlib-assembly-64 := memcpy memset setjmp
newlib-assembly-32 := memchr memcmp memcpy memmove memset setjmp strchr strlen

newlib-folders := ctype errno locale reent search signal stdio stdlib string time
# $(call newlib-names,WIDTH): the files without their suffixes, from newlib's own folder.
newlib-names = $(addprefix libc/machine/$(newlib-machine-$(1))/,$(newlib-assembly-$(1))) \
	$(foreach folder,$(newlib-folders),$(addprefix libc/$(folder)/,\
		$(filter-out $(newlib-assembly-$(1)),$(newlib-$(folder))))) \
	$(newlib-math:%=libm/math/%) $(newlib-common:%=libm/common/%)

# --- files that are compiled more than once ---
newlib-variant-vfiprintf := vfprintf.c -DINTEGER_ONLY
newlib-variant-svfprintf := vfprintf.c -DSTRING_ONLY
newlib-variant-svfiprintf := vfprintf.c -DINTEGER_ONLY -DSTRING_ONLY
newlib-variant-svfscanf := vfscanf.c -DSTRING_ONLY
newlib-variant-svfiscanf := vfscanf.c -DINTEGER_ONLY -DSTRING_ONLY
newlib-variant-mallocr := mallocr.c -DINTERNAL_NEWLIB -DDEFINE_MALLOC
newlib-variant-freer := mallocr.c -DINTERNAL_NEWLIB -DDEFINE_FREE
newlib-variant-callocr := mallocr.c -DINTERNAL_NEWLIB -DDEFINE_CALLOC
newlib-variant-reallocr := mallocr.c -DINTERNAL_NEWLIB -DDEFINE_REALLOC
# $(call newlib-file,NAME): the source of $(newlib)/NAME.o, and what makes it that.
newlib-file = $(newlib)/$(dir $(1))$(or $(newlib-variant-$(notdir $(1))),$(notdir $(1)).c)

# --- how ---
# gcc only, whatever the rest is built with; its warnings are its authors' affair. The system calls have the names that
# programs use.
gcc-headers := $(shell gcc -print-file-name=include 2>/dev/null)
newlib-headers = -nostdinc -isystem $(user-folder)/include -isystem $(newlib)/libc/machine/$(newlib-machine-$(1)) \
	-isystem $(newlib)/libc/include -isystem $(gcc-headers)
newlib-flags = $(user-machine-$(1)) $(filter-out -ffreestanding,$(user-code)) -g0 -w $(call newlib-headers,$(1)) \
	-D__NO_SYSCALLS__ -DMISSING_SYSCALL_NAMES -DHAVE_RENAME -DHAVE_FCNTL -DSIGNAL_PROVIDED
# What memset is made of must not become a call of memset.
newlib-file-flags = -I $(newlib)/$(dir $(1)) $(if $(filter libm/%,$(1)),-I $(newlib)/libm/common) \
	$(if $(filter libm/common/%,$(1)),-fno-math-errno,-fno-builtin)

$(newlib-package):
	$(Q)tools/fetch-package.sh newlib-source >/dev/null

newlib-unpacked-folders := libc/include $(newlib-folders:%=libc/%) $(addprefix libc/machine/,x86_64 i386) \
	libm/math libm/common
$(eval $(call remember,newlib-folders,$(newlib-unpacked-folders)))
$(newlib-unpacked): $(BUILD)/flags/newlib-folders | $(newlib-package)
	@$(call say,UNPACK,newlib)
	$(Q)rm -rf $(@D) && mkdir -p $(@D)
	$(Q)tar -x -C $(@D) --strip-components=1 --wildcards -f $(newlib-package)/newlib-*.tar.xz \
		$(newlib-unpacked-folders:%='*/newlib/%')
	@touch $@

# $(call newlib-rules,WIDTH)
define newlib-rules
newlib-objects-$(1) := $(patsubst %,$(BUILD)/newlib-$(1)/%.o,$(call newlib-names,$(1)))
$(call remember,newlib-$(1),$(call newlib-flags,$(1)))
$(call remember,newlib-names-$(1),$(call newlib-names,$(1)))

$(BUILD)/newlib-$(1)/%.o: $(newlib-unpacked) $(BUILD)/flags/newlib-$(1) $(wildcard $(user-folder)/include/*.h)
	@mkdir -p $$(@D)
	$$(Q)gcc $$(call newlib-flags,$(1)) $$(call newlib-file-flags,$$*) -c $$(call newlib-file,$$*) -o $$@

$(BUILD)/newlib-$(1)/libc/machine/%.o: $(newlib-unpacked) $(BUILD)/flags/newlib-$(1)
	@mkdir -p $$(@D)
	$$(Q)gcc $$(call newlib-flags,$(1)) -c $(newlib)/libc/machine/$$*.S -o $$@

$(BUILD)/newlib-$(1).a: $$(newlib-objects-$(1)) $(BUILD)/flags/newlib-names-$(1)
	@$$(call say,AR,$$@)
	$$(Q)rm -f $$@ && ar rcs $$@ $$(newlib-objects-$(1))
endef
$(foreach width,$(user-widths),$(eval $(call newlib-rules,$(width))))
